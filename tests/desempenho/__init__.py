"""Medidas de desempenho que qualquer um repete: ``python3 -m tests.desempenho``. Não são testes."""
