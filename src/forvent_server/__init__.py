"""The workspace: what people open in a browser, over the library ``forvent``."""
