using System.Collections.Concurrent;
using System.Text.Json;
using Osapi.Operations;
using Osapi.Operations.Facts;
using Osapi.Operations.Files;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs;

/// <summary>Finds the stored files that a request names, so that the commands of its job can tell the hosts what they must find in them.</summary>
internal sealed class RequestFiles(ITransport transport)
{
    /// <summary>The maximum number of files that a name with references to facts may mean.</summary>
    public const int MaxFiles = 64;

    // One for each operation of the catalog that was called.
    private readonly ConcurrentDictionary<Operation, string[]> members = new();

    /// <summary>True for a job whose request can name stored files.</summary>
    public bool MayBeNamed(JobRecord record) => OperationCatalog.Default.TryFind(record.Operation, out var operation) && members.GetOrAdd(operation, MembersOf).Length > 0;

    /// <summary>Finds the files; null for an operation whose requests name none. A file that does not exist is left out, and its host says so.</summary>
    /// <exception cref="OperationException">A host without a key could not read one of them, or the name may mean too many.</exception>
    /// <exception cref="TransportException">The store does not answer.</exception>
    public async ValueTask<IReadOnlyList<FileReference>?> FindAsync(JobRecord record, ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        if (!OperationCatalog.Default.TryFind(record.Operation, out var operation) || members.GetOrAdd(operation, MembersOf) is not { Length: > 0 } names)
            return null;
        var element = JsonElement.Parse(request.Span);
        List<FileReference> found = [];
        foreach (var member in names)
            if (element.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } name)
                foreach (var file in FactReference.ArePending(name) ? await MatchingAsync(name, cancellationToken) : [name])
                    if (await transport.Files.FindReferenceAsync(file, cancellationToken) is { } reference)
                        found.Add(reference);
        if (found.FirstOrDefault(file => file.Key is not null) is { } sealedFile && record.Executors.Where(executor => !transport.IsSealedFor(executor)).ToList() is { Count: > 0 } without)
            throw new OperationException(ErrorType.Conflict, Refusal(sealedFile.Name, without));
        return found;
    }

    private static string[] MembersOf(Operation operation) => [.. operation.RequestInfo.Properties.Where(property => property.PropertyType == typeof(ObjectName)).Select(property => property.Name)];

    // Each host resolves the name by itself, and gets all files that it may mean.
    private async Task<IReadOnlyList<string>> MatchingAsync(string name, CancellationToken cancellationToken)
    {
        var (before, after) = FactReference.Around(name);
        List<string> matching =
        [
            .. (await transport.Files.ListAsync(cancellationToken)).Select(file => file.Name)
                .Where(file => file.Length >= before.Length + after.Length && file.StartsWith(before, StringComparison.Ordinal) && file.EndsWith(after, StringComparison.Ordinal)),
        ];
        return matching.Count <= MaxFiles
            ? matching
            : throw new OperationException(ErrorType.Invalid, $"'{name}' may mean {matching.Count} stored files, and at most {MaxFiles} are possible: begin or end their names with a common text");
    }

    private static string Refusal(string name, List<string> executors) =>
        $"the stored file '{name}' is sealed, and {(executors is [HostKey.Any] ? "a host without a key may take the job" : $"{string.Join(", ", executors)} cannot open it without a key")}: enroll all hosts, or store the file again with force, which leaves it unsealed while there are such hosts";
}
