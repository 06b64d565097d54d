"""As telas do cliente: Conectar, Nome, Salas, Nova sala e Conversa.

Tudo aqui é da thread da janela. A rede é da sessão; as telas só a comandam e desenham o que ela conta.
"""
