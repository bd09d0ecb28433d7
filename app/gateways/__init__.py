"""The outside world: push services, mail, pictures and where they are kept. Only here are sockets opened."""
