using System.Globalization;
using System.Text;
using System.Text.Json;
using Osapi.Operations;
using Osapi.Operations.Jobs;

namespace Osapi.Controller.Jobs.Events;

/// <summary>A serialized change of a job.</summary>
/// <param name="Sequence">The sequence in the log.</param>
/// <param name="JobId">The job.</param>
/// <param name="IsDeletion">True for the deletion of the job.</param>
/// <param name="Bytes">The event in the format of server-sent events.</param>
internal readonly record struct JobEventText(long Sequence, JobId JobId, bool IsDeletion, ReadOnlyMemory<byte> Bytes)
{
    public static JobEventText Of(JobUpdate update) => new(update.Sequence, update.JobId, update.Event == "deleted", Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"id: {update.Sequence}\nevent: {update.Event}\ndata: {JsonSerializer.Serialize(update, JobOperations.UpdateInfo)}\n\n")));
}
