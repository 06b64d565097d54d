"""O que o cliente de texto diz, além da frase de sempre, a quem não conseguiu conectar."""

from __future__ import annotations

import time

from cliente.sessao import Falha, Procura, TipoDeFalha

PROCURA_S = 1.0
_SAIDA = ("Se o servidor foi mesmo trocado ou reinstalado, confira com quem cuida dele e abra o cliente outra vez com "
          "--esquecer-certificado.")


def explicar_certificado(falha: Falha) -> list[str]:
    """As impressões digitais, a de antes e a de agora, e a saída deliberada; vazio se a falha não é essa."""
    if falha.conhecido is None:
        return []
    agora = [] if falha.certificado is None else [f"Agora:     {falha.certificado.impressao}"]
    return [f"Conhecida: {falha.conhecido.impressao}", *agora, _SAIDA]


def listar_achados(falha: Falha, porta: int) -> list[str]:
    """Ninguém atende aqui: procura na rede por 1 s e diz quem atende."""
    if falha.tipo is not TipoDeFalha.RECUSADA:
        return []
    procura = Procura(lambda: None, (porta,))
    procura.comecar()
    time.sleep(PROCURA_S)
    procura.parar()
    procura.esperar_o_fim()
    return [f"Achado na rede: {achado.nome} — use --host {achado.host} --porta {achado.porta}"
            for achado in procura.achados]
