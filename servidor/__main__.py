"""``python3 -m servidor``: abre a janela do servidor, ou serve no terminal."""

from __future__ import annotations

import sys

from interface.disponibilidade import ErroSemTela, por_que_nem_tentar, por_que_sem_janela
from interface.saida_padrao import falar_utf8
from servidor.opcoes import Opcoes, ler_opcoes


def principal(argumentos: list[str] | None = None) -> int:
    """Ponto de entrada. Devolve o código de saída: 0, 1 se não pôde servir, 2 para opção errada."""
    falar_utf8()
    opcoes = ler_opcoes(sys.argv[1:] if argumentos is None else argumentos)
    if opcoes.criar_atalho:
        from interface.atalhos import criar_pelo_terminal

        return criar_pelo_terminal("servidor")
    if opcoes.demonstracao:
        from servidor.demonstracao import demonstrar

        return demonstrar(com_janelas=_pode_abrir_janela(opcoes))
    if not opcoes.sem_janela and (codigo := _servir_com_janela(opcoes)) is not None:
        return codigo
    from servidor.sem_janela import servir

    return servir(opcoes.configuracao)


def _servir_com_janela(opcoes: Opcoes) -> int | None:
    """O código de saída da janela; ``None``, depois de dizer por quê, se não há como abri-la."""
    motivo = por_que_nem_tentar()
    if motivo is None:
        from servidor.janela import abrir_janela

        try:
            return abrir_janela(opcoes.configuracao, iniciar=opcoes.iniciar, pediu_endereco=opcoes.pediu_endereco)
        except ErroSemTela as erro:
            motivo = str(erro)
    _avisar_que_segue_sem(motivo)
    return None


def _pode_abrir_janela(opcoes: Opcoes) -> bool:
    if opcoes.sem_janela:
        return False
    motivo = por_que_sem_janela()
    if motivo is not None:
        _avisar_que_segue_sem(motivo)
    return motivo is None


def _avisar_que_segue_sem(motivo: str) -> None:
    print(f"{motivo} Seguindo sem janela.", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(principal())
