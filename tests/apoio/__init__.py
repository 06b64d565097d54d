"""O que os testes têm em comum: ambiente, tela virtual, processos, fio cru, teclado e vigias."""
