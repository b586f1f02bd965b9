"""Open the chat: ``python app.py``."""

from yibao.config import load
from yibao.serving.server import serve

if __name__ == "__main__":
    serve(load({}).config, build=True)
