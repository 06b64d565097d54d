"""A aba Logs: fica no fim só se estava no fim, filtra, pausa, limpa, exporta e aguenta a enchente."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from servidor.janela.aba_logs import AbaLogs
from servidor.janela.janela import JanelaDoServidor
from servidor.janela.registro_visto import LINHAS_MAX
from servidor.publicacao import Nivel
from tests.apoio.esperas import bombear_ate, bombear_por
from tests.apoio.teclado import digitar, teclar
from tests.servidor.janela.conftest import Abrir, ServidorNoAr
from tests.servidor.janela.servidor_falso import FabricaFalsa, linha


def na_tela(janela: JanelaDoServidor) -> list[str]:
    return janela.abas.logs.painel.conteudo().splitlines()


def esperar_linhas(janela: JanelaDoServidor, quantas: int) -> None:
    bombear_ate(janela, lambda: len(na_tela(janela)) == quantas, o_que=f"{quantas} linhas")


def publicar(no_ar: ServidorNoAr, quantas: int, desde: int = 0, nivel: Nivel = Nivel.INFO) -> None:
    no_ar[1].ultimo.publicar(*[linha(f"linha {n}", nivel) for n in range(desde, desde + quantas)])


def test_linha_com_hora_etiqueta_e_texto(no_ar: ServidorNoAr) -> None:
    janela, fabrica = no_ar
    fabrica.ultimo.publicar(linha("Ana criou a sala #redes", hora_ms=1_790_000_000_007), linha("quadro inválido", Nivel.ERRO))
    esperar_linhas(janela, 2)
    assert ".007  SALA" in na_tela(janela)[0] and na_tela(janela)[0].endswith("Ana criou a sala #redes")
    assert "ERRO" in na_tela(janela)[1]
    assert "fundo_erro" in janela.abas.logs.painel.texto.tag_names("2.20")


def test_nada_do_que_vem_de_fora_quebra_a_tela(no_ar: ServidorNoAr) -> None:
    janela, fabrica = no_ar
    fabrica.ultimo.publicar(linha("a\x00b {x} $y [exit] \\ \ud800 😀 \u202e fim"), linha("seguinte"))
    esperar_linhas(janela, 2)
    assert "fim" in na_tela(janela)[0] and "[exit]" in na_tela(janela)[0]


def test_fica_no_fim_so_se_estava_no_fim(no_ar: ServidorNoAr) -> None:
    janela, _ = no_ar
    painel = janela.abas.logs.painel
    publicar(no_ar, 100)
    esperar_linhas(janela, 100)
    assert painel.esta_no_fim
    painel.texto.yview_moveto(0.2)
    onde = painel.texto.index("@0,0")
    publicar(no_ar, 7, desde=100)
    esperar_linhas(janela, 107)
    assert painel.texto.index("@0,0") == onde and painel.novas == 7
    painel._botao_de_novas.invoke()
    assert painel.esta_no_fim and painel.novas == 0


def test_filtro_destaca_e_niveis_escondem(no_ar: ServidorNoAr) -> None:
    janela, fabrica = no_ar
    fabrica.ultimo.publicar(linha("o usuário Ana 😀 entrou"), linha("sala fechada", Nivel.AVISO), linha("detalhe", Nivel.DEPURACAO))
    esperar_linhas(janela, 2)
    janela.abas.logs.busca.entrada.texto = "USUARIO"
    esperar_linhas(janela, 1)
    texto = janela.abas.logs.painel.texto
    inicio, fim = texto.tag_ranges("achado")
    assert texto.get(inicio, fim) == "usuário"
    publicar(no_ar, 3)
    fabrica.ultimo.publicar(linha("outro usuario"))
    esperar_linhas(janela, 2)
    janela.abas.logs.busca.limpar()
    esperar_linhas(janela, 6)
    janela.abas.logs.etiquetas[Nivel.DEPURACAO].invoke()
    esperar_linhas(janela, 7)
    janela.abas.logs.etiquetas[Nivel.INFO].invoke()
    esperar_linhas(janela, 2)
    janela.abas.logs.busca.entrada.texto = "nada disto"
    bombear_ate(janela, lambda: janela.abas.logs._vazio.winfo_viewable())
    assert "filtro" in janela.abas.logs._vazio.cget("text")


def test_pausa_conta_o_que_espera_e_nada_se_perde(no_ar: ServidorNoAr) -> None:
    janela, _ = no_ar
    logs = janela.abas.logs
    publicar(no_ar, 5)
    esperar_linhas(janela, 5)
    logs.botao_de_pausa.invoke()
    publicar(no_ar, 1200, desde=5)
    bombear_ate(janela, lambda: logs.botao_de_pausa.cget("text") == "Continuar (1.200)")
    logs.etiquetas[Nivel.AVISO].invoke()                  # filtrar durante a pausa não adianta o que espera
    assert len(na_tela(janela)) == 5
    logs.botao_de_pausa.invoke()
    esperar_linhas(janela, 1205)
    assert logs.botao_de_pausa.cget("text") == "Pausar" and na_tela(janela)[-1].endswith("linha 1204")


def test_limpar_pelo_teclado_e_ctrl_f(no_ar: ServidorNoAr) -> None:
    janela, _ = no_ar
    publicar(no_ar, 5)
    esperar_linhas(janela, 5)
    janela.abas.caderno.ir("salas")
    janela.focus_force()
    teclar(janela, "ctrl+l")
    esperar_linhas(janela, 0)
    teclar(janela, "ctrl+f")
    bombear_ate(janela, lambda: janela.focus_get() is janela.abas.logs.busca.entrada)
    digitar(janela, "7")
    assert janela.abas.caderno.atual == "logs"
    publicar(no_ar, 10)
    esperar_linhas(janela, 1)


def test_exporta_o_que_o_filtro_deixa_ver(abrir: Abrir, tmp_path: Path) -> None:
    sugestoes: list[str] = []
    destino = tmp_path / "saída.txt"

    def escolher(sugestao: str) -> str:
        sugestoes.append(sugestao)
        return str(destino)

    janela, fabrica = _no_ar(abrir, escolher)
    fabrica.ultimo.publicar(linha("entra", Nivel.AVISO), linha("fica de fora", Nivel.DEPURACAO), linha("e esta 😀"))
    esperar_linhas(janela, 2)
    janela.abas.logs.botao_de_exportar.invoke()
    gravadas = destino.read_text(encoding="utf-8").splitlines()
    assert len(gravadas) == 2 and "AVISO" in gravadas[0] and gravadas[1].endswith("e esta 😀")
    assert sugestoes[0].endswith(".txt")


def test_exportar_sem_poder_gravar_diz_e_desistir_nao_faz_nada(abrir: Abrir, tmp_path: Path) -> None:
    escolhas = iter(["", str(tmp_path / "nao" / "existe.txt")])
    janela, _ = _no_ar(abrir, lambda _s: next(escolhas))
    avisos: list[tuple[str, ...]] = []
    janela.abas.logs._avisar = lambda *partes: avisos.append(partes)
    janela.abas.logs.exportar()
    assert avisos == []
    janela.abas.logs.exportar()
    assert avisos[0][0] == "Não foi possível exportar" and avisos[0][2] == "erro"


def test_o_texto_nao_se_edita_mas_se_copia(no_ar: ServidorNoAr) -> None:
    janela, _ = no_ar
    publicar(no_ar, 3)
    esperar_linhas(janela, 3)
    janela.abas.logs.painel.texto.focus_force()
    teclar(janela, "x", "BackSpace", "Return", "ctrl+v", "ctrl+a", "ctrl+c")
    esperar_linhas(janela, 3)
    assert "linha 2" in janela.clipboard_get()


def test_enchente_de_5000_linhas_por_segundo_nao_trava_a_janela(no_ar: ServidorNoAr) -> None:
    janela, fabrica = no_ar
    atrasos = medir_atrasos(janela)
    publicadas = 0
    while publicadas < 10_000:
        fabrica.ultimo.publicar(*[linha(f"#geral fulano → {publicadas + n} destinatários (64 bytes)", assunto="MSG") for n in range(250)])
        publicadas += 250
        bombear_por(janela, 0.05)
    bombear_ate(janela, lambda: na_tela(janela)[-1].endswith(f"→ {publicadas - 1} destinatários (64 bytes)"))
    assert len(na_tela(janela)) <= LINHAS_MAX + 200
    assert max(atrasos) < 0.1, f"a janela ficou {max(atrasos) * 1000:.0f} ms sem atender"


def test_filtrar_com_a_memoria_cheia_e_rapido(no_ar: ServidorNoAr) -> None:
    janela, _ = no_ar
    publicar(no_ar, LINHAS_MAX)
    esperar_linhas(janela, LINHAS_MAX)
    logs: AbaLogs = janela.abas.logs
    antes = time.thread_time()
    logs.etiquetas[Nivel.AVISO].invoke()
    assert time.thread_time() - antes < 1.0
    assert len(na_tela(janela)) == LINHAS_MAX


def medir_atrasos(janela: JanelaDoServidor) -> list[float]:
    """Um batimento a cada 10 ms: a lista diz quanto trabalho da janela coube entre dois deles.

    Em tempo de núcleo desta thread, que é só a da janela: o que outro programa toma da máquina não conta.
    """
    atrasos: list[float] = [0.0]
    marcado = time.thread_time()

    def bater() -> None:
        nonlocal marcado
        agora = time.thread_time()
        atrasos.append(agora - marcado)
        marcado = agora
        janela.agendar(10, bater)

    janela.agendar(10, bater)
    return atrasos


def _no_ar(abrir: Abrir, escolher: Callable[[str], str]) -> ServidorNoAr:
    fabrica = FabricaFalsa()
    janela = abrir(fabrica, deve_iniciar=True, escolher_arquivo=escolher)
    bombear_ate(janela, lambda: janela.indicadores.winfo_viewable())
    return janela, fabrica
