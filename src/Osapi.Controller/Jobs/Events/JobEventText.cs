using System.Globalization;
using System.Text;
using System.Text.Json;
using Osapi.Operations;
using Osapi.Operations.Jobs;

namespace Osapi.Controller.Jobs.Events;

/// <summary>A change of a job as it is sent.</summary>
/// <param name="Sequence">Its sequence in the log.</param>
/// <param name="JobId">The job.</param>
/// <param name="IsDeletion">True when it says that the job was deleted.</param>
/// <param name="Bytes">The event, as server-sent events have it.</param>
internal readonly record struct JobEventText(long Sequence, JobId JobId, bool IsDeletion, ReadOnlyMemory<byte> Bytes)
{
    public static JobEventText Of(JobUpdate update) => new(update.Sequence, update.JobId, update.Event == "deleted", Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"id: {update.Sequence}\nevent: {update.Event}\ndata: {JsonSerializer.Serialize(update, JobOperations.UpdateInfo)}\n\n")));
}
