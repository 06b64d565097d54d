"""Quem manda ao servidor tudo o que cliente nenhum mandaria: ``python3 -m tests.caos.fuzz``.

Atacantes falam por sockets de verdade com um servidor de verdade: quadros estragados, lixo puro, UTF-8 partido, JSON
fundo, números enormes, quadros cortados, vazios e grandes demais, em pedaços de qualquer tamanho. Ao lado deles, nas
mesmas salas, vizinhos conversam e conferem que não perceberam nada.
"""
