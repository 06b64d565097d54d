"""O que o servidor guarda em disco: histórico, fichas, salas e lugares, em SQLite."""
