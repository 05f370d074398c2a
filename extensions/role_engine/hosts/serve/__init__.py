"""`role-engine serve`: the API and a chat page of our own, on top of any engine, without the webui.

fields        the request bodies of the three endpoints
line          whose turn it is: one generation at a time, a queue with a limit
job           one request's replies, made in a thread, as events for the event loop
forms/        how each API words them
app, server   everything put together; sockets, signals, the end
page          the chat page
"""
