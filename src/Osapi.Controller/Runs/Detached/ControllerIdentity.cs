using Osapi.Transport.Embedded;

namespace Osapi.Controller.Runs.Detached;

/// <summary>The identity of a controller among the others: a random id in its state directory, and a name for people.</summary>
/// <param name="Id">The id. After a restart it is the same, so that the controller knows that its earlier runners are gone.</param>
/// <param name="Name">The name of the machine.</param>
internal sealed record ControllerIdentity(string Id, string Name)
{
    private const string FileName = "controller.id";
    private const int MaxNameLength = 253;

    /// <summary>Loads the identity, or creates one. A file that cannot be read is replaced: then nobody knows that earlier runners are gone, and they are waited for.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static ControllerIdentity Load(string directory)
    {
        var path = Path.Combine(directory, FileName);
        var name = Environment.MachineName is { Length: > 0 and <= MaxNameLength } machine ? machine : "controller";
        if (File.Exists(path) && Guid.TryParseExact(File.ReadAllText(path).Trim(), "N", out var known))
            return new(known.ToString("N"), name);
        ControllerIdentity created = new(Guid.NewGuid().ToString("N"), name);
        PrivateFiles.WriteText(path, created.Id + "\n");
        return created;
    }
}
