using Osapi.Hosting;

namespace Osapi.Controller.Tests.Embedded;

/// <summary>A test that starts nodes in this process, in a directory of its own.</summary>
public abstract class NodeTest : IDisposable
{
    private protected readonly string directory = Directory.CreateTempSubdirectory("osapi-").FullName;

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected string State => Path.Combine(directory, "state");

    /// <summary>A controller and the agent of web-01.</summary>
    private protected virtual NodeOptions Options => new() { StateDirectory = State, Agent = new() { Hostname = "web-01" } };

    public void Dispose()
    {
        Directory.Delete(directory, recursive: true);
        GC.SuppressFinalize(this);
    }
}
