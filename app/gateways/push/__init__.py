"""Web push: who sends (vapid), encryption, where it may be sent (endpoints), the POST (http), and the answer."""
