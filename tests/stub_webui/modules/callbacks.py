class StopNowException(Exception):
    pass
