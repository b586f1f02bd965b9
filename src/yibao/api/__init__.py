"""Doors for other programs: HTTP, OpenAI's form, MCP, health."""
