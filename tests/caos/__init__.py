"""Quem tenta quebrar o servidor e confere se ele cumpriu o prometido: ``python3 -m tests.caos``.

Clientes de verdade falam com um servidor de verdade através de um proxy que parte, atrasa e corta, enquanto
o processo do servidor morre e para. No fim a história de cada um é confrontada com o histórico e com o banco.
``python3 -m tests.caos.longa`` não corta nada: é uma turma que vem e vai por meia hora, e o servidor não cresce.
"""
