"""Reconhece, pela primeira resposta, se quem atendeu é um servidor de chat nosso. Puro."""

from __future__ import annotations

from typing import Any

from cliente.sessao.falhas import Falha, TipoDeFalha, montar_falha
from cliente.sessao.tipos import ServidorConhecido
from protocolo.erros import Codigo, ErroDeProtocolo
from protocolo.limites import VERSAO
from protocolo.mensagens import conferir_resposta
from protocolo.quadros import TAMANHO_DO_CABECALHO

ID_DO_OLA = "ola"
PROGRAMA = "Chat Multissala (Python)"
FRASE_MAX = 500

_TIPO_DO_CODIGO = {
    Codigo.VERSAO_INCOMPATIVEL: TipoDeFalha.VERSAO_INCOMPATIVEL,
    Codigo.EXIGE_TLS: TipoDeFalha.EXIGE_TLS,
}


class ErroDeSaudacao(Exception):
    """Quem atendeu não serve; ``falha`` diz por quê."""

    def __init__(self, falha: Falha) -> None:
        self.falha = falha
        super().__init__(f"{falha.tipo.value}: {falha.detalhe or falha.frase}")


def montar_ola() -> dict[str, Any]:
    """O primeiro pedido de toda conexão."""
    return {"tipo": "ola", "id": ID_DO_OLA, "versao": VERSAO, "programa": PROGRAMA}


def culpar_cabecalho(tamanho_bytes: int) -> Falha:
    """A falha de quem manda, no lugar do tamanho, bytes que não são do protocolo (``HTTP``, ``SSH-``…)."""
    comeco = tamanho_bytes.to_bytes(TAMANHO_DO_CABECALHO, "big")
    tipo = TipoDeFalha.E_PAGINA_WEB if comeco in (b"HTTP", b"<!DO", b"<htm") else TipoDeFalha.NAO_E_CHAT
    return montar_falha(tipo, f"começo {comeco!r}")


def ler_saudacao(objeto: dict[str, Any]) -> ServidorConhecido:
    """O que o servidor contou no ``ok`` de ``ola``. Levanta :class:`ErroDeSaudacao`."""
    if objeto.get("tipo") == "erro":
        raise ErroDeSaudacao(_culpar_erro(objeto))
    if objeto.get("tipo") == "desconectado":
        raise ErroDeSaudacao(montar_falha(TipoDeFalha.SAUDACAO_RECUSADA, f"motivo {objeto.get('motivo')!r:.80}"))
    if objeto.get("tipo") != "ok" or objeto.get("id") != ID_DO_OLA:
        raise ErroDeSaudacao(montar_falha(TipoDeFalha.NAO_E_CHAT, f"tipo {objeto.get('tipo')!r:.80}"))
    if type(objeto.get("versao")) is int and objeto["versao"] != VERSAO:
        raise ErroDeSaudacao(montar_falha(TipoDeFalha.VERSAO_INCOMPATIVEL, f"versão {objeto['versao']}"))
    try:
        campos = conferir_resposta("ola", objeto)
    except ErroDeProtocolo as causa:
        raise ErroDeSaudacao(montar_falha(TipoDeFalha.NAO_E_CHAT, str(causa))) from causa
    limites = campos["limites"]
    return ServidorConhecido(
        nome=campos["servidor"]["nome"], versao=campos["servidor"]["versao"], cifrado=campos["cifrado"],
        texto_max=limites["texto"], nome_max=limites["nome"], sala_max=limites["sala"],
        historico_max=limites["historico"])


def _culpar_erro(objeto: dict[str, Any]) -> Falha:
    codigo, frase = objeto.get("codigo"), objeto.get("mensagem")
    if type(codigo) is not str or type(frase) is not str:
        return montar_falha(TipoDeFalha.NAO_E_CHAT, "erro sem código")
    if codigo in _TIPO_DO_CODIGO:
        return montar_falha(_TIPO_DO_CODIGO[Codigo(codigo)], codigo)
    return montar_falha(TipoDeFalha.SAUDACAO_RECUSADA, codigo, frase[:FRASE_MAX])
