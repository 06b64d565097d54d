"""Os testes do Chat Multissala: espelham a árvore do projeto. `python3 -m tests` prepara tudo e roda."""
