"""O que as duas janelas do Chat Multissala têm em comum.

Tema vivo (paleta e zoom), desenho de ícones e avatares, componentes, a ponte
entre threads e a janela, preferências e atalhos. Nada aqui conhece o protocolo,
o servidor ou o cliente.
"""
