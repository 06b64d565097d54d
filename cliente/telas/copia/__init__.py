"""A cópia de uma conversa em arquivo: `.txt` ou `.html`. Puro, salvo ``arquivo``, que grava; sem tkinter."""
