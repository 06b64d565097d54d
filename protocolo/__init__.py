"""O contrato do fio: quadros, mensagens e textos, sem socket, thread, relógio nem Tk.

A descrição para quem escreve um cliente em outra linguagem está em ``PROTOCOLO.md``.
"""
