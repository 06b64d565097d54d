"""Todos os componentes numa janela: `python3 -m tests.interface.galeria [paleta] [zoom] [pagina] [captura.png]`."""

from __future__ import annotations

import math
import subprocess
import sys
import tempfile
from pathlib import Path

from interface.componentes import (
    Abas, Botao, Busca, Campo, CampoDeSenha, Cartao, Faixa, Filtro, Grafico, Interruptor, Linha,
    ListaVirtual, Painel, PainelRolavel, Passos, Pilula, Rotulo, RotuloComIcone, Separador,
    TextoDeLeitura, TituloDeSecao, confirmar,
)
from interface.imagens import Ladrilho, Sinal, avatar, icone, logo
from interface.janela_base import JanelaBase
from interface.preferencias import Preferencias
from interface.tracos import ICONES

NOMES = ["Prof. Carla", "Ana Lima", "Bruno Reis", "Diego Souza", "Érica Melo", "Fábio Nunes", "Gabi Torres",
         "Heitor Alves", "Íris Prado", "João Vítor"]
SALAS = [("redes-2025", "Aula 7 — sockets TCP e quadros com tamanho", 8, False), ("geral", "Assuntos da turma", 5, False),
         ("projeto-final", "Grupos do trabalho em equipe", 3, False), ("prova", "Só com a senha", 1, True)]


class Galeria(JanelaBase):
    """A janela da galeria."""

    def __init__(self, pasta: Path, paleta: str, zoom: float) -> None:
        preferencias = Preferencias("galeria.json", pasta=pasta)
        preferencias.definir(paleta=paleta, zoom=zoom)
        super().__init__("galeria", preferencias, 1180, 780)
        self.title("Galeria — Chat Multissala")
        self.abas = Abas(self)
        self.tema.empacotar(self.abas, fill="both", expand=True)
        self.formulario(self.abas.criar("formulario", "Formulário"))
        self.painel_de_salas(self.abas.criar("salas", "Salas"))
        self.painel_do_servidor(self.abas.criar("servidor", "Servidor"))
        self.conversa(self.abas.criar("conversa", "Conversa"))
        self.figuras(self.abas.criar("figuras", "Figuras"))
        self.abas.contar("salas", 4)

    def formulario(self, pai: Painel) -> None:
        """Campos, botões e recados."""
        tema = self.tema
        alto = Painel(pai, plano="fundo", margem=(24, 16))
        alto.pack(fill="x")
        Rotulo(alto, imagem=logo(30)).pack(side="left")
        tema.empacotar(Rotulo(alto, "Chat Multissala", fonte="subtitulo"), side="left", padx=10)
        self.passos = Passos(alto, ["Conectar", "Nome", "Sala", "Conversar"], 1)
        self.passos.place(relx=0.5, rely=0.5, anchor="center")
        rolavel = PainelRolavel(pai, plano="fundo", centrado=True)
        rolavel.pack(fill="both", expand=True)
        self.faixa = Faixa(rolavel.dentro, padx=20, pady=8)
        cartao = Cartao(rolavel.dentro, 28)
        tema.empacotar(cartao, padx=20, pady=20)
        Rotulo(cartao, "Conectar ao servidor", fonte="titulo").pack(anchor="w")
        Rotulo(cartao, "Peça o endereço ao professor ou escolha na lista ao lado.", cor="apagado").pack(anchor="w")
        linha = Painel(cartao)
        tema.empacotar(linha, fill="x", pady=(18, 0))
        self.endereco = Campo(linha, "Endereço", "192.168.0.15", largura=26)
        self.endereco.pack(side="left", fill="x", expand=True, anchor="n")
        tema.empacotar(Campo(linha, "Porta", "12345", largura=7), side="left", padx=(12, 0), anchor="n")
        self.nome = Campo(cartao, "Seu nome na conversa", "Ana Lima", ajuda="Letras, números e hífen")
        tema.empacotar(self.nome, fill="x", pady=(14, 0))
        tema.empacotar(CampoDeSenha(cartao, "Senha da conta", texto="segredo"), fill="x", pady=(14, 0))
        tema.empacotar(Interruptor(cartao, "Conexão protegida (TLS)", True), anchor="w", pady=(12, 0))
        Interruptor(cartao, "Reconectar sozinho se a rede cair").pack(anchor="w")
        tema.empacotar(Botao(cartao, "Conectar", tipo="grande"), fill="x", pady=(18, 0))
        botoes = Painel(cartao)
        tema.empacotar(botoes, fill="x", pady=(12, 0))
        for tipo, texto, nome in (("normal", "Copiar", "copiar"), ("perigo", "Parar", "parar"),
                                  ("fantasma", "Voltar", "volta"), ("suave", "Nova", "adicionar")):
            tema.empacotar(Botao(botoes, texto, tipo=tipo, icone=nome), side="left", padx=(0, 8))
        desligado = Botao(botoes, "Desligado")
        desligado.habilitar(False)
        desligado.pack(side="left")

    def painel_de_salas(self, pai: Painel) -> None:
        """A lista de salas."""
        cartao = Cartao(Painel(pai, plano="fundo", margem=24), 14)
        cartao.master.pack(fill="both", expand=True)
        cartao.pack(fill="both", expand=True)
        self.busca = Busca(cartao, "Procurar sala pelo nome ou assunto", lambda _t: None)
        self.tema.empacotar(self.busca, fill="x", pady=(0, 8))
        self.lista = ListaVirtual(cartao, self.desenhar_sala, vazio="Nenhuma sala ainda.")
        self.lista.pack(fill="both", expand=True)
        self.lista.definir((s[0], s) for s in SALAS)
        self.lista.selecionar_primeira()

    @staticmethod
    def desenhar_sala(linha: Linha, sala: tuple[str, str, int, bool]) -> None:
        """Uma sala em duas linhas."""
        nome, assunto, membros, protegida = sala
        ladrilho = Ladrilho("cadeado", "aviso_suave", "aviso") if protegida else Ladrilho("sala", "lateral", "destaque")
        linha.imagem(18, linha.meio, ladrilho)
        usada = linha.texto(70, linha.meio - 10, nome, "forte")
        if linha.esta_selecionada:
            linha.pilula(70 + usada + 10, linha.meio - 10, "ATIVA", "ok_suave", "ok")
        linha.texto(70, linha.meio + 10, assunto, "legenda", "apagado", largura=linha.largura - 230)
        for n, quem in enumerate(NOMES[:min(3, membros)]):
            linha.imagem(-150 + 19 * n, linha.meio, avatar(quem, 26))
        linha.imagem(-74, linha.meio, icone("usuario", 15))
        linha.texto(-54, linha.meio, str(membros), "forte")
        linha.imagem(-16, linha.meio, icone("vai", 16), "e")

    def painel_do_servidor(self, pai: Painel) -> None:
        """Indicadores e filtros."""
        tema = self.tema
        fundo = Painel(pai, plano="fundo", margem=20)
        fundo.pack(fill="both", expand=True)
        linha = Painel(fundo)
        linha.pack(fill="x")
        dados = (("usuarios", "Usuários agora", "12", "destaque"), ("sala", "Salas abertas", "4", "aviso"),
                 ("mensagem", "Mensagens/s", "3,2", "ok"), ("raio", "Tráfego", "18 kB/s", "privado"))
        self.graficos = []
        for n, (nome, titulo, valor, cor) in enumerate(dados):
            cartao = Cartao(linha)
            tema.gradear(cartao, row=0, column=n, sticky="nsew", padx=(0 if n == 0 else 12, 0))
            linha.grid_columnconfigure(n, weight=1, uniform="cartoes")
            RotuloComIcone(cartao, nome, titulo, cor="apagado", fonte="legenda").pack(anchor="w")
            Rotulo(cartao, valor, fonte="display").pack(side="left")
            grafico = Grafico(cartao, cor, largura=90)
            grafico.definir(3 + 2 * math.sin(x / 9 + n) + (x % 5) * 0.2 for x in range(120))
            tema.empacotar(grafico, side="right", fill="x", expand=True, padx=(16, 0), pady=(6, 0))
            self.graficos.append(grafico)
        cartao = Cartao(fundo)
        tema.empacotar(cartao, fill="both", expand=True, pady=(12, 0))
        filtros = Painel(cartao)
        tema.empacotar(filtros, fill="x", pady=(0, 8))
        for texto, ligado in (("Info", True), ("Avisos", True), ("Erros", True), ("Depuração", False)):
            tema.empacotar(Filtro(filtros, texto, ligado), side="left", padx=(0, 6))
        Pilula(filtros, "NO AR HÁ 00:42:17", "ok", Sinal("ok", 9)).pack(side="right")
        Separador(cartao).pack(fill="x")

    def conversa(self, pai: Painel) -> None:
        """Uma conversa em fileiras."""
        lateral = Painel(pai, plano="lateral", width=220, margem=12)
        lateral.pack(side="left", fill="y")
        TituloDeSecao(lateral, "Salas").pack(anchor="w")
        self.leitura = leitura = TextoDeLeitura(pai)
        leitura.pack(fill="both", expand=True)
        leitura.marca("cabeca", lmargin1=20, lmargin2=66, tabs=(66,), spacing1=10, spacing3=1)
        leitura.marca("nome", font="forte")
        leitura.marca("hora", font="mini", foreground="apagado")
        leitura.marca("fala", lmargin1=66, lmargin2=66, rmargin=24, spacing1=2, spacing2=2, spacing3=2)
        leitura.marca("mencao", background="mencao", lmargincolor="mencao")
        for n, nome in enumerate(NOMES):
            extra = ("mencao",) if n == 3 else ()
            leitura.acrescentar([
                (f"\t{nome}", ("cabeca", "nome", *extra)),
                (f"   10:3{n}\n", ("cabeca", "hora", *extra)),
                ("Olá, turma! Leiam ", ("fala", *extra)),
                ("https://docs.python.org", ("fala", *extra)),
                (" antes da aula. 😀🎉\n", ("fala", *extra))])
        leitura.descarregar()

    def figuras(self, pai: Painel) -> None:
        """Ícones, avatares e pílulas."""
        rolavel = PainelRolavel(pai)
        rolavel.pack(fill="both", expand=True)
        grade = Painel(rolavel.dentro, margem=20)
        grade.pack(anchor="w")
        for n, nome in enumerate(ICONES):
            celula = Painel(grade)
            self.tema.gradear(celula, row=n // 10, column=n % 10, padx=10, pady=8)
            Rotulo(celula, imagem=icone(nome, 24, "texto")).pack()
            Rotulo(celula, nome, fonte="mini", cor="apagado").pack()
        fila = Painel(rolavel.dentro, margem=20)
        fila.pack(anchor="w")
        for tipo in ("ok", "aviso", "erro", "destaque", "privado", "neutra", "cheia", "urgente"):
            self.tema.empacotar(Pilula(fila, tipo.upper(), tipo), side="left", padx=4)


def main(argumentos: list[str]) -> None:
    """Abre a galeria e, se pedido, fotografa a página."""
    paleta, zoom, pagina, captura = (argumentos + ["claro", "1.0", "formulario", ""][len(argumentos):])[:4]
    with tempfile.TemporaryDirectory() as pasta:
        galeria = Galeria(Path(pasta), paleta, float(zoom))
        galeria.abas.ir(pagina)
        galeria.update()
        if pagina == "formulario":
            galeria.faixa.mostrar("O servidor saiu do ar às 10:32.", "erro", "Reconectar")
            galeria.nome.mostrar_erro("Esse nome já está em uso. Que tal “Ana Lima 2”?", foca=False)
            galeria.endereco.focar()
            galeria.avisar("Conexão restabelecida", "4 mensagens recuperadas", "ok")
        if pagina == "salas":
            galeria.lista.focar()
        if pagina == "figuras":
            confirmar(galeria, "Parar o servidor?", "Três pessoas estão conversando e serão desconectadas.",
                      print, sim="Parar", e_perigo=True)
        if not captura:
            galeria.mainloop()
            return
        galeria.after(700, lambda: (subprocess.run(["import", "-window", "root", captura], check=True), galeria.fechar()))
        galeria.mainloop()


if __name__ == "__main__":
    main(sys.argv[1:])
