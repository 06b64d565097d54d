"""Os ajustes do servidor, conferidos campo a campo."""

from __future__ import annotations

import tkinter as tk
from typing import Callable

from interface.componentes import Botao, Campo, Interruptor, Janelinha, Painel, PainelRolavel, Rotulo
from servidor.configuracao import Configuracao, Durabilidade, Tls
from servidor.janela.ajustes_escritos import ErrosNosAjustes, conferir_ajustes, escrever_ajustes
from servidor.janela.grupo_de_opcoes import GrupoDeOpcoes

_CAMPOS = {
    "nome_servidor": ("Nome do servidor", "É como os alunos o veem na rede."),
    "taxa_por_s": ("Mensagens por segundo", "Por pessoa. 0 não limita."),
    "max_clientes": ("Máximo de pessoas", "Conectadas ao mesmo tempo."),
    "inatividade_s": ("Segundos de silêncio", "Até desconectar; 0 é nunca. De costume, 90."),
    "retencao_dias": ("Dias de histórico", "Depois se apaga; 0 guarda para sempre."),
}
_LIMITES = {
    "conexoes_por_endereco": ("Conexões por endereço", "Uma escola inteira pode chegar por um só. 0 não limita."),
    "sem_nome_por_endereco": ("Sem nome, por endereço", "Das que ainda não se identificaram. 0 não limita."),
    "max_sem_nome": ("Sem nome, no total", "Além do máximo de pessoas. 0 não limita."),
    "max_salas": ("Salas", "No servidor inteiro. 0 não limita."),
    "salas_por_criador": ("Salas por criador", "Que ainda existem. 0 não limita."),
    "membros_por_sala": ("Pessoas por sala", "Menos nas fixas. 0 não limita."),
    "espera_por_cliente_mib": ("MiB à espera de cada pessoa", "De quem não lê o que recebe: de 1 a 4."),
    "espera_total_mib": ("MiB à espera de todas", "Passou, cai a mais lenta. 0 não limita."),
}
_TLS = {Tls.AUTO.value: "Aceitar com e sem cifra", Tls.EXIGIR.value: "Só conexões cifradas", Tls.NAO.value: "Sem cifra"}
_DURABILIDADE = {Durabilidade.TOTAL.value: "Resistir à queda de energia", Durabilidade.NORMAL.value: "Gravar mais depressa"}
_LARGURA_DO_CAMPO = 30
_LARGURA_DA_BARRA = 16

Guardar = Callable[[Configuracao], None]
"""Guarda e passa a usar; levanta ``OSError`` se não pôde gravar."""


class JanelaDeAjustes(Janelinha):
    """Enter guarda, Esc desiste; o que estiver errado se diz ao lado de cada campo."""

    def __init__(self, dono: tk.Misc, configuracao: Configuracao, esta_no_ar: bool, guardar: Guardar) -> None:
        quando = "Valem na próxima vez que o servidor iniciar." if esta_no_ar else "Valem a partir do próximo início e ficam guardados."
        super().__init__(dono, "Ajustes do servidor", quando)
        self._configuracao = configuracao
        self._guardar = guardar
        self._rolavel = PainelRolavel(self.corpo, plano="superficie")
        self._rolavel.pack(fill="both", expand=True)
        self._montar_campos(Painel(self._rolavel.dentro))
        self._erro = Rotulo(self.rodape, "", fonte="legenda", cor="erro", quebra_sozinho=True)
        self.botao_de_desistir = Botao(self.rodape, "Cancelar", self.sair)
        self.botao = Botao(self.rodape, "Guardar", self.guardar, tipo="primario")
        self.botao.pack(side="right")
        self._tema.empacotar(self.botao_de_desistir, side="right", padx=10)
        self._erro.pack(side="left", fill="x", expand=True)
        self.abrir(self.campos["nome_servidor"].entrada)

    def tamanho_pedido(self) -> tuple[int, int]:
        """O que cabe sem rolar."""
        dentro = self._rolavel.dentro
        sobra = self.winfo_reqheight() - self._rolavel.winfo_reqheight()
        margens = self.winfo_reqwidth() - self.corpo.winfo_reqwidth()
        return margens + dentro.winfo_reqwidth() + self._tema.px(_LARGURA_DA_BARRA), sobra + dentro.winfo_reqheight()

    def guardar(self) -> None:
        """Confere, guarda e fecha."""
        for campo in self.campos.values():
            campo.limpar_erro()
        try:
            nova = conferir_ajustes(self._configuracao, {nome: campo.texto for nome, campo in self.campos.items()},
                                    tls=self.tls.valor, durabilidade=self.durabilidade.valor, descoberta=self.descoberta.valor)
            self._guardar(nova)
        except ErrosNosAjustes as erros:
            for nome, frase in reversed(erros.por_campo.items()):       # o foco fica no primeiro
                self.campos[nome].mostrar_erro(frase)
        except OSError as erro:
            self._erro.definir(f"Não foi possível guardar: {erro.strerror or erro}.")
        else:
            self.sair()

    def _montar_campos(self, grade: Painel) -> None:
        grade.pack(fill="both", expand=True)
        escritos = escrever_ajustes(self._configuracao)
        self.campos: dict[str, Campo] = {}
        for ordem, (nome, (rotulo, ajuda)) in enumerate(_CAMPOS.items()):
            campo = self._criar_campo(grade, nome, rotulo, ajuda, escritos[nome])
            self._por(campo, (ordem + 1) // 2, (ordem + 1) % 2 if ordem else 0, 1 if ordem else 2)
        self.tls = GrupoDeOpcoes(grade, "Conexão cifrada (TLS)", _TLS, self._configuracao.tls.value)
        self.durabilidade = GrupoDeOpcoes(grade, "Gravação do histórico", _DURABILIDADE, self._configuracao.durabilidade.value)
        self.descoberta = Interruptor(self.durabilidade, "Aparecer na rede local", self._configuracao.descoberta)
        self._tema.empacotar(self.descoberta, anchor="w", pady=(10, 0))
        self._por(self.tls, 3, 0, 1)
        self._por(self.durabilidade, 3, 1, 1)
        titulo = Rotulo(grade, "Limites", fonte="subtitulo")
        self._tema.gradear(titulo, row=4, column=0, columnspan=2, sticky="w", padx=4, pady=(0, 12))
        for ordem, (nome, (rotulo, ajuda)) in enumerate(_LIMITES.items()):
            self._por(self._criar_campo(grade, nome, rotulo, ajuda, escritos[nome]), 5 + ordem // 2, ordem % 2, 1)

    def _criar_campo(self, grade: Painel, nome: str, rotulo: str, ajuda: str, escrito: str) -> Campo:
        campo = self.campos[nome] = Campo(grade, rotulo, escrito, ajuda=ajuda, largura=_LARGURA_DO_CAMPO)
        campo.entrada.bind("<Return>", lambda _e: self.guardar())
        return campo

    def _por(self, parte: tk.Misc, linha: int, coluna: int, ocupa: int) -> None:
        parte.master.columnconfigure(coluna, weight=1, uniform="ajuste")  # type: ignore[union-attr]
        self._tema.gradear(parte, row=linha, column=coluna, columnspan=ocupa, sticky="new", padx=(24 if coluna else 4, 4), pady=(0, 12))
