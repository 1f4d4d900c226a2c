using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Files;
using Osapi.Operations;

namespace Osapi.Agent.Files;

/// <summary>What the agent remembers of the files it deployed: a small file for each, in its state directory.</summary>
internal sealed class DeployedFiles
{
    private const int Private = 0x180; // 0600

    private readonly string directory;

    private DeployedFiles(string directory) => this.directory = directory;

    /// <exception cref="OperationException">The agent keeps no state.</exception>
    public static DeployedFiles Of(Host host) => new(Path.Join(
        host.StateDirectory ?? throw new OperationException(ErrorType.Unavailable, "this agent has no state directory, which it needs to deploy files"), "files"));

    /// <summary>What was deployed at a path; null when nothing was.</summary>
    /// <exception cref="OperationException">It is not known, because the record cannot be read.</exception>
    public DeployedFile? Find(string path)
    {
        var file = Path.Join(directory, NameOf(path));
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize(File.ReadAllBytes(file), DeployedFileJson.Default.DeployedFile) : null;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new OperationException(ErrorType.Unavailable, $"what was deployed to {path} is not known, because {file} cannot be read: {exception.Message} (deploying again repairs it)");
        }
    }

    /// <summary>Remembers a deployment. One that is remembered just so is left alone, unless it was done anew.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save(DeployedFile deployed, bool anew)
    {
        if (!anew && TryFind(deployed.Path) is { } known && known with { DeployedAt = deployed.DeployedAt } == deployed)
            return;
        using var open = PrivateDirectory.Open(directory);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(deployed, DeployedFileJson.Default.DeployedFile);
        new FileReplacement(open, NameOf(deployed.Path)).Run(bytes, Private);
    }

    public void Forget(string path) => File.Delete(Path.Join(directory, NameOf(path)));

    private DeployedFile? TryFind(string path)
    {
        try
        {
            return Find(path);
        }
        catch (OperationException)
        {
            return null;
        }
    }

    // Paths are longer than names may be.
    private static string NameOf(string path) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path))) + ".json";
}
