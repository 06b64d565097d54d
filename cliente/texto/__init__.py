"""As peças do cliente de texto: a entrada, os comandos e o que se imprime. Não importa Tk."""
