"""A cópia em texto: uma linha por fala, recuada onde a fala tem mais de uma, para ninguém fingir outra."""

from __future__ import annotations

import re
from datetime import date

from cliente.sessao.tipos import Aviso, Mensagem, TipoDeAviso
from cliente.telas.copia.redator import Titulo
from cliente.telas.datas import dizer_dia_inteiro, dizer_hora, momento_local

# Também as quebras que só alguns editores mostram.
_QUEBRAS = re.compile("[\n\u2028\u2029\u0085\v\f]")
_LARGURA = 72
_QUEM_AVISA = {TipoDeAviso.ROBO: "Robô: ", TipoDeAviso.AVISO_GERAL: "AVISO: "}


class EmTexto:
    """``[10:31] Ana: bom dia``."""

    def comecar(self, titulo: Titulo) -> str:
        """O título, de onde é e quando se copiou."""
        quando = momento_local(titulo.quando_ms)
        linhas = [f"Conversa de {titulo.meu_nome} com {titulo.nome}" if titulo.e_privada else titulo.nome]
        if titulo.assunto:
            linhas.append(_numa_linha(titulo.assunto))
        linhas += [_numa_linha(titulo.servidor),
                   f"Copiada por {titulo.meu_nome} em {quando:%d/%m/%Y}, às {quando:%H:%M}", "=" * _LARGURA, ""]
        return "\n".join(linhas)

    def escrever_dia(self, dia: date) -> str:
        """A data, entre linhas em branco."""
        return f"\n— {dizer_dia_inteiro(dia)} —\n\n"

    def escrever_mensagem(self, mensagem: Mensagem, continua: bool) -> str:
        """Quem fala vai em toda linha: assim se acha com qualquer busca."""
        return _recuar(f"[{dizer_hora(mensagem.hora_ms)}] {mensagem.de}: ", mensagem.texto)

    def escrever_aviso(self, aviso: Aviso) -> str:
        """Com um asterisco, que nome nenhum pode ter."""
        quem = _QUEM_AVISA.get(aviso.tipo, "")
        return _recuar(f"[{dizer_hora(aviso.hora_ms)}] * {quem}", aviso.frase)

    def acabar(self, quantas: int) -> str:
        """Quantas mensagens foram."""
        return f"\n{'=' * _LARGURA}\n{quantas} {'mensagem' if quantas == 1 else 'mensagens'}\n"


def _recuar(comeco: str, texto: str) -> str:
    return comeco + _QUEBRAS.sub("\n" + " " * len(comeco), texto) + "\n"


def _numa_linha(texto: str) -> str:
    return _QUEBRAS.sub(" ", texto)
