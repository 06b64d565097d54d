"""O cliente do Chat Multissala: a sessão sem janela, as telas e o cliente de texto."""

VERSAO = "1.0.0"
