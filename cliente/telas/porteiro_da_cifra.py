"""O que fazer quando o certificado do servidor é novo ou mudou: a que tela ir, e o que cada resposta faz."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cliente.sessao import Falha, TipoDeFalha
from cliente.sessao import mudancas as m
from cliente.sessao.falhas import montar_falha
from cliente.telas.este_computador import e_este_computador

if TYPE_CHECKING:
    from cliente.telas.janela import JanelaDoCliente


class PorteiroDaCifra:
    """No próprio computador o primeiro certificado se aceita sem perguntar: ninguém fica no meio do caminho.

    Quem volta sozinho a um servidor não é interrompido: a faixa da conexão oferece a tela.
    """

    def __init__(self, janela: JanelaDoCliente) -> None:
        self._janela, self._sessao = janela, janela.sessao
        self._volta_para = "conectar"

    def ao_desconhecer(self, mudanca: m.CertificadoDesconhecido) -> None:
        """Nunca se viu o certificado deste servidor."""
        if e_este_computador(mudanca.host):
            self._sessao.confiar()
            return
        tela = self._janela.certificado_tela
        tela.mostrar_desconhecido(mudanca.host, mudanca.porta, mudanca.certificado, self._ao_confiar, self._ao_recusar)
        frase = "É a primeira conexão protegida com este servidor."
        self._mostrar_ou_oferecer(frase, "Conferir")

    def ao_mudar(self, falha: Falha) -> None:
        """O certificado não é o de sempre; nada foi enviado."""
        assert falha.certificado is not None and falha.conhecido is not None
        host, porta = self._sessao.host, self._sessao.porta
        tela = self._janela.certificado_tela
        tela.mostrar_mudado(host, porta, falha.conhecido, falha.certificado,
                            lambda: self._ao_esquecer(host, porta), self._ao_voltar)
        self._mostrar_ou_oferecer(falha.frase, "Ver o que mudou")

    def _mostrar_ou_oferecer(self, frase: str, acao: str) -> None:
        if self._sessao.nome is None:
            self._mostrar()
        else:
            self._janela.faixa.oferecer(frase, acao, self._mostrar)

    def _mostrar(self) -> None:
        if self._janela.a_vista != "certificado":
            self._volta_para = self._janela.a_vista
        self._janela.ir_para("certificado")

    def _ao_confiar(self) -> None:
        self._janela.ir_para(self._volta_para)
        self._sessao.confiar()

    def _ao_recusar(self) -> None:
        self._sessao.recusar_certificado()
        self._ao_voltar()
        if self._sessao.nome is not None:
            self._janela.faixa.mostrar_falha(montar_falha(TipoDeFalha.CERTIFICADO_DESCONHECIDO), True)

    def _ao_voltar(self) -> None:
        if self._sessao.nome is None:
            self._janela.voltar_a_conectar()
        else:
            self._janela.ir_para(self._volta_para)

    def _ao_esquecer(self, host: str, porta: int) -> None:
        self._sessao.esquecer_certificado(host, porta)
        self._janela.ir_para(self._volta_para)
        if self._sessao.nome is None:
            self._janela.tentar_de_novo()
        else:
            self._sessao.reconectar_agora()
