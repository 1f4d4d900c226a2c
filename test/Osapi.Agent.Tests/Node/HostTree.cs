using Osapi.Agent.Handlers;
using Osapi.Agent.Hosts;
using Osapi.Operations;

namespace Osapi.Agent.Tests.Node;

/// <summary>The file tree of a machine that is not there.</summary>
internal sealed class HostTree : IDisposable
{
    private readonly DirectoryInfo root = System.IO.Directory.CreateTempSubdirectory("osapi-host-");

    public Host Host => new() { Name = "agent", Root = root.FullName };

    public HostTree With(string path, string text)
    {
        var file = Path.Join(root.FullName, path);
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return this;
    }

    public HostTree WithDirectories(params IEnumerable<string> paths)
    {
        foreach (var path in paths)
            System.IO.Directory.CreateDirectory(Path.Join(root.FullName, path));
        return this;
    }

    /// <summary>Asks as a command would.</summary>
    public async Task<HostResult<T>> AskAsync<TRequest, T>(Operation<TRequest, T> operation)
        where TRequest : notnull
        where T : notnull
    {
        var entry = await new Execution(AgentHandlers.All, Host).RunAsync(operation.Id, null, TestContext.Current.CancellationToken);
        return entry.As(operation.Result);
    }

    public void Dispose() => root.Delete(recursive: true);
}
