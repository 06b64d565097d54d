"""O servidor de verdade diante de um cliente escrito só a partir de PROTOCOLO.md: nada aqui importa o projeto."""
