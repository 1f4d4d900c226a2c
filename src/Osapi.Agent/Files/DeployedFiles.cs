using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Files;
using Osapi.Operations;

namespace Osapi.Agent.Files;

/// <summary>The agent's records of deployed files: a small file for each, in its state directory.</summary>
internal sealed class DeployedFiles
{
    private const int Private = 0x180; // 0600

    private readonly string directory;

    private DeployedFiles(string directory) => this.directory = directory;

    /// <exception cref="OperationException">The agent has no state directory.</exception>
    public static DeployedFiles Of(Host host) => new(Path.Join(
        host.StateDirectory ?? throw new OperationException(ErrorType.Unavailable, "this agent has no state directory, which it needs to deploy files"), "files"));

    /// <summary>Finds the record for a path; null when nothing was deployed there.</summary>
    /// <exception cref="OperationException">The record cannot be read.</exception>
    public DeployedFile? Find(string path)
    {
        var file = Path.Join(directory, NameOf(path));
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize(File.ReadAllBytes(file), DeployedFileJson.Default.DeployedFile) : null;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new OperationException(ErrorType.Unavailable, $"the deployment record {file} of {path} cannot be read: {exception.Message} (deploy the file again to repair it)");
        }
    }

    /// <summary>
    /// Saves the record of a deployment. An equal record is left alone, unless <paramref name="overwrite"/> is true.
    /// </summary>
    /// <exception cref="IOException">The record cannot be written.</exception>
    public void Save(DeployedFile deployed, bool overwrite)
    {
        if (!overwrite && TryFind(deployed.Path) is { } known && known with { DeployedAt = deployed.DeployedAt } == deployed)
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

    // Hashed, because paths are longer than file names may be.
    private static string NameOf(string path) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path))) + ".json";
}
