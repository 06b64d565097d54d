"""A conversa como autômato puro: pedidos entram, quadros e eventos saem.

Não sabe de socket, de thread, de SQLite nem de relógio próprio. Tudo aqui pertence à thread do núcleo.
"""
