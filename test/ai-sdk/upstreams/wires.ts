export type WireName = "openai" | "anthropic" | "ollama" | "workers-ai" | "voyage" | "google" | "bedrock" | "cohere";
