"""O servidor do Chat Multissala: núcleo puro, registro em SQLite, rede com threads e janela."""

VERSAO = "1.0.0"
