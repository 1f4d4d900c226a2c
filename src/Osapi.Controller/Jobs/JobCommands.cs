using Osapi.Operations;
using Osapi.Transport;
using Osapi.Transport.Jobs;

namespace Osapi.Controller.Jobs;

/// <summary>Creates the commands of a job. Each has its own id, so that an existing one is not appended again.</summary>
internal static class JobCommands
{
    /// <summary>Creates the commands to every executor of a newly accepted job.</summary>
    public static IEnumerable<Append> Of(JobRecord record, RequestContent request, IReadOnlyList<FileReference>? files) => Of(record, request, files, record.Executors, record.StartWithin);

    /// <summary>Creates the commands to some executors.</summary>
    /// <param name="record">The job.</param>
    /// <param name="request">The whole request, with the secrets that the record lacks.</param>
    /// <param name="files">The stored files that the request can name; null when it names none.</param>
    /// <param name="executors">The executors.</param>
    /// <param name="startWithin">The remaining seconds to start it, counted from the append.</param>
    public static IEnumerable<Append> Of(JobRecord record, RequestContent request, IReadOnlyList<FileReference>? files, IEnumerable<string> executors, double startWithin)
    {
        JobCommand content = new()
        {
            Kind = CommandKind.Run,
            JobId = record.Id,
            Operation = record.Operation,
            Request = request.Bytes,
            RequestObject = request.Object,
            Check = record.Check,
            FileContent = record.FileContent,
            Files = files,
            StartWithin = startWithin,
            Accepted = record.Created,
        };
        var command = JobJson.Bytes(content);
        var known = command.Length <= JobJson.MaxKnown ? content : null;
        return executors.Select(executor => executor == HostKey.Any
            ? new Append(StreamName.WorkQueue, IsQuick(record) ? Subjects.Quick : Subjects.Any, command, MessageId: record.Id.ToString())
            : new Append(StreamName.Commands, Subjects.Command(executor, record.Id), command, MessageId: $"{record.Id}.{executor}") { Known = known });
    }

    private static bool IsQuick(JobRecord record) => OperationCatalog.Default.TryFind(record.Operation, out var operation) && operation.Quick;
}
