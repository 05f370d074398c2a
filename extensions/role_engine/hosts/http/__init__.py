"""What the HTTP surface does, on the webui's API server as on our own: middleware, routes, the list of models.

Everything of the program around it comes in as a `Service`.
"""
