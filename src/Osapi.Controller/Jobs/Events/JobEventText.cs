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
    /// <summary>Serializes changes in their order.</summary>
    public static IReadOnlyList<JobEventText> Of(IReadOnlyList<JobUpdate> updates)
    {
        List<JobEventText> texts = new(updates.Count);
        for (var i = 0; i < updates.Count; i++)
        {
            // A start that is one message with its end has no id, so that a reader that stops between them gets both again.
            var start = i + 1 < updates.Count && updates[i + 1].Sequence == updates[i].Sequence ? Text(updates[i++]) : "";
            var update = updates[i];
            texts.Add(new(update.Sequence, update.JobId, update.Event == "deleted", Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{start}id: {update.Sequence}\n{Text(update)}"))));
        }

        return texts;
    }

    private static string Text(JobUpdate update) => $"event: {update.Event}\ndata: {JsonSerializer.Serialize(update, JobOperations.UpdateInfo)}\n\n";
}
