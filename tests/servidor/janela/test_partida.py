"""A primeira tela não espera pelo que só serve depois dela; e o que nasce tarde aparece inteiro."""

from __future__ import annotations

from interface.preferencias import Preferencias
from servidor.configuracao import Configuracao
from servidor.janela.controle import Estado
from servidor.janela.espaco import Espaco
from servidor.janela.janela import JanelaDoServidor
from tests.apoio.esperas import bombear_ate
from tests.apoio.partida import importados_ate_a_primeira_tela
from tests.servidor.janela.servidor_falso import FabricaFalsa

_DEPOIS = {
    "argparse", "dataclasses", "hashlib", "inspect", "logging", "socket", "sqlite3", "ssl", "subprocess", "tkinter.filedialog",
    "servidor.nucleo.eventos", "servidor.rede.servidor", "servidor.registro.banco", "servidor.janela.aba_usuarios",
    "servidor.janela.indicadores", "servidor.janela.janela_de_ajustes", "servidor.janela.telao", "interface.componentes.grafico",
}
_DO_SERVIDOR_NO_AR = ("indicadores", "cartao_enderecos")


def test_o_que_se_importa_ate_a_primeira_tela(tela: str) -> None:
    importados = importados_ate_a_primeira_tela("servidor")
    assert "servidor.janela.formulario" in importados
    assert not importados & _DEPOIS


def test_o_que_so_se_ve_com_o_servidor_no_ar_nasce_quando_ha_tempo(preferencias: Preferencias, tmp_path) -> None:
    janela = JanelaDoServidor(Configuracao(dados=tmp_path), preferencias, FabricaFalsa(), descobrir=list)
    assert not any(nome in vars(janela) for nome in _DO_SERVIDOR_NO_AR)
    bombear_ate(janela, lambda: all(nome in vars(janela) for nome in _DO_SERVIDOR_NO_AR))
    assert not janela.indicadores.winfo_viewable()
    janela.fechar()


def test_nascidas_tarde_num_espaco_apertado_aparecem_ajustadas(preferencias: Preferencias, tmp_path) -> None:
    preferencias.definir(geometria="640x480+10+10")
    janela = JanelaDoServidor(Configuracao(dados=tmp_path, host="0.0.0.0"), preferencias, FabricaFalsa(), descobrir=lambda: ["10.0.0.4"])
    bombear_ate(janela, lambda: janela._espaco is Espaco.MINIMO)
    janela.iniciar()
    bombear_ate(janela, lambda: janela.controle.estado is Estado.NO_AR and janela.indicadores.winfo_viewable())
    assert janela.cartao_enderecos.winfo_y() > janela.indicadores.winfo_y()
    assert not any(cartao.nota.winfo_manager() for cartao in janela.indicadores.cartoes)
    assert janela.cartao_enderecos.botao_de_projetar.cget("text") == ""
    bombear_ate(janela, lambda: [linha.texto for linha in janela.cartao_enderecos.enderecos] == ["10.0.0.4:12345"])
    janela.controle.abandonar()
    janela.fechar()


def test_pedida_antes_da_sua_vez_a_aba_aparece_inteira(preferencias: Preferencias, tmp_path) -> None:
    janela = JanelaDoServidor(Configuracao(dados=tmp_path), preferencias, FabricaFalsa(), descobrir=list)
    assert "auditoria" not in vars(janela.abas)
    janela.abas.caderno.ir("auditoria")
    janela.update()
    assert janela.abas.auditoria.winfo_viewable() and janela.abas.auditoria.winfo_children()
    janela.fechar()
