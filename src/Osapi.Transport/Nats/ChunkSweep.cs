namespace Osapi.Transport.Nats;
/// <summary>Sweeps.</summary>
internal sealed class ChunkSweep;
