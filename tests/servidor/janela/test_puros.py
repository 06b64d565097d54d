"""O que a janela do servidor calcula sem Tk: números, ritmos, escolha de endereço, filtro e caixa."""

from __future__ import annotations

from pathlib import Path

import pytest

from interface.preferencias import Preferencias
from servidor.configuracao import Configuracao
from servidor.janela.caixa import Caixa, HaLinhas
from servidor.janela.escolha import Alcance, Escolha, conferir_escolha, escolha_de, so_este_computador, todas_as_redes
from servidor.janela.espaco import Espaco, medir_espaco
from servidor.janela.formatos import (contar, formatar_bytes_por_s, formatar_duracao, formatar_endereco, formatar_inteiro,
                                      formatar_latencia, formatar_ritmo)
from servidor.janela.lembranca import escolha_inicial, lembrar_escolha
from servidor.janela.medidas import PONTOS_DO_GRAFICO, Medida, Medidor
from servidor.janela.registro_visto import Filtro, RegistroVisto, etiqueta, linha_para_arquivo
from servidor.nucleo.eventos import Contadores
from servidor.publicacao import ErroAoIniciar, LinhaDeLog, Nivel


def linha(texto: str, nivel: Nivel = Nivel.INFO, assunto: str = "SALA") -> LinhaDeLog:
    return LinhaDeLog(1_790_000_000_007, nivel, assunto, texto)


def totais(usuarios: int = 0, mensagens: int = 0, recebidos: int = 0, enviados: int = 0) -> Contadores:
    return Contadores(usuarios, usuarios, 4, 1, mensagens, recebidos, enviados)


@pytest.mark.parametrize(("obtido", "esperado"), [
    (formatar_inteiro(1284), "1.284"), (formatar_ritmo(3.24), "3,2"), (formatar_ritmo(0), "0"), (formatar_ritmo(1284.4), "1.284"),
    (formatar_bytes_por_s(640), "640 B/s"), (formatar_bytes_por_s(18_400), "18 kB/s"), (formatar_bytes_por_s(1_230_000), "1,2 MB/s"),
    (formatar_duracao(2537), "00:42:17"), (formatar_duracao(-3), "00:00:00"), (formatar_duracao(90_061), "1 d 01:01:01"),
    (formatar_latencia(None), "—"), (formatar_latencia(0.2), "<1 ms"), (formatar_latencia(12.4), "12 ms"),
    (formatar_endereco("::1", 5), "[::1]:5"), (formatar_endereco("10.0.0.1", 5), "10.0.0.1:5"),
    (contar(1, "sala", "salas"), "1 sala"), (contar(2000, "sala", "salas"), "2.000 salas"),
])
def test_como_se_le(obtido: str, esperado: str) -> None:
    assert obtido == esperado


def test_ritmos_e_pico() -> None:
    medidor = Medidor()
    assert medidor.medir(0.0) == Medida()
    medidor.anotar(totais(usuarios=17, mensagens=100), hora_ms=5)
    assert medidor.medir(1.0).mensagens_por_s == 0      # o que veio antes da primeira medida não é ritmo
    medidor.anotar(totais(usuarios=12, mensagens=104, recebidos=600, enviados=1200), hora_ms=6)
    medida = medidor.medir(3.0)
    assert (medida.usuarios, medida.pico, medida.pico_ms) == (12, 17, 5)
    assert (medida.mensagens_por_s, medida.recebidos_por_s, medida.enviados_por_s, medida.trafego_por_s) == (2, 300, 600, 900)
    for segundo in range(4, 4 + 2 * PONTOS_DO_GRAFICO):
        medida = medidor.medir(float(segundo))
    assert medida.mensagens_por_s == 0 and len(medidor.series["mensagens"]) == PONTOS_DO_GRAFICO


def test_quando_o_servidor_recomeca_os_ritmos_nao_ficam_negativos() -> None:
    medidor = Medidor()
    medidor.anotar(totais(usuarios=17, mensagens=100, recebidos=600, enviados=1200), hora_ms=5)
    medidor.medir(1.0)
    medidor.anotar(totais(), hora_ms=6)
    medida = medidor.medir(2.0)
    assert (medida.mensagens_por_s, medida.trafego_por_s, medida.pico) == (0, 0, 17)
    medidor.anotar(totais(mensagens=3, recebidos=40), hora_ms=7)
    assert medidor.medir(3.0).mensagens_por_s == 3


@pytest.mark.parametrize(("escolha", "esperado"), [
    (Escolha(Alcance.ESTE, "", "12345"), ("127.0.0.1", 12345)), (Escolha(Alcance.REDE, "lixo guardado", " 0 "), ("0.0.0.0", 0)),
    (Escolha(Alcance.OUTRO, " 192.168.0.15 ", "65535"), ("192.168.0.15", 65535)), (Escolha(Alcance.OUTRO, "::1", "1"), ("::1", 1)),
])
def test_escolha_boa(escolha: Escolha, esperado: tuple[str, int]) -> None:
    assert conferir_escolha(escolha) == esperado


@pytest.mark.parametrize(("escolha", "campo"), [
    (Escolha(Alcance.ESTE, "", ""), "porta"), (Escolha(Alcance.ESTE, "", "abc"), "porta"), (Escolha(Alcance.ESTE, "", "-1"), "porta"),
    (Escolha(Alcance.ESTE, "", "65536"), "porta"), (Escolha(Alcance.ESTE, "", "٣"), "porta"), (Escolha(Alcance.ESTE, "", "9" * 5000), "porta"),
    (Escolha(Alcance.OUTRO, "", "1"), "host"), (Escolha(Alcance.OUTRO, "tem espaço", "1"), "host"),
    (Escolha(Alcance.OUTRO, "999.1.1.1", "1"), "host"), (Escolha(Alcance.OUTRO, "1.2.3", "1"), "host"),
])
def test_escolha_ruim_diz_o_campo(escolha: Escolha, campo: str) -> None:
    with pytest.raises(ErroAoIniciar) as erro:
        conferir_escolha(escolha)
    assert erro.value.campo == campo and erro.value.mensagem.endswith(".")


def test_o_que_se_escreveu_ao_abrir_vale_mais_que_o_lembrado(tmp_path: Path) -> None:
    preferencias = Preferencias("servidor.json", pasta=tmp_path)
    lembrar_escolha(preferencias, Escolha(Alcance.REDE, "", "23456"))
    de_costume = Configuracao(dados=tmp_path)
    assert escolha_inicial(preferencias, de_costume, False).porta == "23456"
    assert escolha_inicial(preferencias, de_costume, True) == Escolha(Alcance.ESTE, "", "12345")


def test_escolha_de_ida_e_volta() -> None:
    for host in ("127.0.0.1", "0.0.0.0", "192.168.0.15", "::"):
        assert conferir_escolha(escolha_de(host, 7)) == (host, 7)
    assert so_este_computador("127.0.0.1") and so_este_computador("::1") and not so_este_computador("0.0.0.0")
    assert todas_as_redes("0.0.0.0") and todas_as_redes("::") and not todas_as_redes("sala-3.escola")


def test_registro_numera_e_esquece_as_antigas() -> None:
    registro = RegistroVisto(linhas_max=3)
    registro.anotar([linha(str(n)) for n in range(5)])
    assert (registro.primeira, registro.proxima) == (2, 5)
    assert [x.texto for x in registro.desde(0)] == ["2", "3", "4"]
    assert [x.texto for x in registro.desde(4)] == ["4"] and registro.desde(5) == []
    registro.limpar()
    registro.anotar([linha("nova")])
    assert registro.proxima == 6 and [x.texto for x in registro.desde(0)] == ["nova"]


def test_filtro_sem_caixa_nem_acento_e_com_o_que_casa_marcado() -> None:
    filtro = Filtro(texto="USUARIO")
    assert filtro.aceita(linha("o usuário Ana entrou")) and not filtro.aceita(linha("a sala sumiu"))
    assert filtro.partir("o usuário e o Usuario") == [("o ", False), ("usuário", True), (" e o ", False), ("Usuario", True)]
    assert Filtro(texto="(.*").partir("x(.*y") == [("x", False), ("(.*", True), ("y", False)]
    assert Filtro(texto="  ").aceita(linha("tudo")) and Filtro(texto="sala").aceita(linha("pelo assunto"))
    assert "".join(p for p, _ in Filtro(texto="😀").partir("a😀b😀")) == "a😀b😀"


def test_filtro_por_nivel_e_etiqueta() -> None:
    assert not Filtro().aceita(linha("x", Nivel.DEPURACAO)) and Filtro().aceita(linha("x", Nivel.ERRO))
    assert etiqueta(linha("x")) == "SALA" and etiqueta(linha("x", Nivel.AVISO)) == "AVISO"
    assert linha_para_arquivo(linha("x", Nivel.AVISO)).endswith(".007  AVISO      SALA      x")


def test_caixa_avisa_uma_vez_por_lote_e_tem_limite() -> None:
    avisos: list[HaLinhas] = []
    caixa = Caixa(avisos.append)
    for n in range(6_000):
        caixa.por(linha(str(n)))
    assert len(avisos) == 1
    tiradas = caixa.tirar()
    assert len(tiradas) == 5_000 and tiradas[-1].texto == "5999" and caixa.tirar() == []
    caixa.por(linha("outra"))
    assert len(avisos) == 2


@pytest.mark.parametrize(
    ("largura", "altura", "espaco"),
    [(1240, 800, Espaco.AMPLO), (1240, 600, Espaco.JUSTO), (1240, 500, Espaco.BAIXO), (700, 900, Espaco.MINIMO)],
)
def test_o_espaco_e_medido_em_medidas_logicas(largura: int, altura: int, espaco: Espaco) -> None:
    """Uma tela de projetor a 150 % é larga mas baixa: as abas ficam com o espaço das notas."""
    assert medir_espaco(largura, altura, lambda n: round(n)) is espaco
    assert medir_espaco(largura * 3 // 2, altura * 3 // 2, lambda n: round(n * 1.5)) is espaco
