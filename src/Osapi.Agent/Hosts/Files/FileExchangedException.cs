namespace Osapi.Agent.Hosts.Files;

/// <summary>Somebody put another file in the place of the one that was looked at. Nothing was done to either; whoever catches it looks again.</summary>
/// <param name="name">The name in its directory.</param>
internal sealed class FileExchangedException(string name) : Exception($"{name} was exchanged for another file");
