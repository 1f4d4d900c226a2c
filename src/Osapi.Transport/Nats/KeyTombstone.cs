namespace Osapi.Transport.Nats;

/// <summary>The marker of a removed key, as every NATS client knows it.</summary>
internal static class KeyTombstone
{
    public const string Header = "KV-Operation";
    public const string Removed = "DEL";

    private const string Purged = "PURGE";

    public static bool IsTombstone(string? operation) => operation is Removed or Purged;
}
