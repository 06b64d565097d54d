"""Threads e sockets do servidor: aceitador, leitores, laço do núcleo e escritor."""
