"""A tela da conversa e as suas partes."""
