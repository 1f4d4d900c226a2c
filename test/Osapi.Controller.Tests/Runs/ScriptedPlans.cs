using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Osapi.Controller.Runs.Detached;

namespace Osapi.Controller.Tests.Runs;

/// <summary>Runs detached plans by the script of a test: each one goes on until the test answers it, or the controller lets go of it.</summary>
internal sealed class ScriptedPlans
{
    private static readonly ConditionalWeakTable<DetachedRun, TaskCompletionSource<string?>> Answers = [];

    private readonly Channel<DetachedRun> runs = Channel.CreateUnbounded<DetachedRun>();

    public static TaskCompletionSource<string?> AnswerOf(DetachedRun run) => Answers.GetValue(run, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    public async Task<string?> RunAsync(DetachedRun run)
    {
        runs.Writer.TryWrite(run);
        try
        {
            return await AnswerOf(run).Task.WaitAsync(run.LetGo);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Waits for the next run that the controller has taken.</summary>
    public async Task<DetachedRun> NextAsync(CancellationToken cancellationToken) => await runs.Reader.ReadAsync(cancellationToken);

    public DetachedRun? TryNext() => runs.Reader.TryRead(out var run) ? run : null;

    public static void Answer(DetachedRun run, string problem) => AnswerOf(run).SetResult(problem);

    public static void Answer(DetachedRun run, Exception failure) => AnswerOf(run).SetException(failure);
}
