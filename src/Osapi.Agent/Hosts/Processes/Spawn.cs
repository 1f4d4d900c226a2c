using System.Runtime.InteropServices;
using Osapi.Operations;

namespace Osapi.Agent.Hosts.Processes;

/// <summary>
/// The start of one program: in its control group from the beginning, in a session of its own, so that it has no terminal,
/// with every signal in its default state and no descriptor but its three streams.
/// </summary>
/// <param name="request">What to start.</param>
/// <param name="environment">All of its environment variables.</param>
/// <param name="cgroup">The group that it is to be in; null where there is none.</param>
internal sealed unsafe class Spawn(ProcessRequest request, IReadOnlyDictionary<string, string> environment, JobCgroup? cgroup)
{
    private readonly Lock gate = new();

    // While the thread that starts is in the call; the kernel writes the id into it as soon as there is a process.
    private NativeSpawn.Request* current;

    /// <summary>Starts it. The calling thread must outlive the process, because the kernel takes the thread's end for the parent's death.</summary>
    /// <param name="input">The descriptor for its standard input; null for an empty one.</param>
    /// <param name="output">The descriptor for its standard output.</param>
    /// <param name="error">The descriptor for its standard error.</param>
    /// <exception cref="OperationException">It cannot be started; the message says why.</exception>
    public StartedProcess Start(SafeHandle? input, SafeHandle output, SafeHandle error)
    {
        var file = ProgramFile.Find(request.Program, environment.GetValueOrDefault("PATH"));
        using NativeTexts path = new([file]);
        using NativeTexts directory = new(request.Directory is { } place ? [place] : []);
        using NativeTexts arguments = new([request.Program, .. request.Arguments]);
        using NativeTexts variables = new([.. environment.Select(variable => $"{variable.Key}={variable.Value}")]);
        // Their owners may give up and close them while this waits for a file system that does not answer.
        using HeldDescriptor inputs = new(input), outputs = new(output), errors = new(error), group = new(cgroup?.Handle);
        NativeSpawn.Request spawn = new()
        {
            File = *path.Pointer,
            Directory = *directory.Pointer,
            Arguments = arguments.Pointer,
            Environment = variables.Pointer,
            Input = inputs.Number,
            Output = outputs.Number,
            Error = errors.Number,
            Group = group.Number,
        };
        lock (gate)
            current = &spawn;
        int result;
        try
        {
            result = NativeSpawn.Start(&spawn);
        }
        finally
        {
            lock (gate)
                current = null;
        }

        return result == 0 ? new(spawn.Pid, spawn.Joined != 0) : throw SpawnErrors.Of(result, spawn.Failed, request, file);
    }

    /// <summary>
    /// Kills the process if it has not executed its program yet, as when the file system that the program is on does not
    /// answer; false when there is none that waits.
    /// </summary>
    public bool KillWaiting()
    {
        lock (gate)
            return current is not null && Volatile.Read(ref current->Pid) is > 0 and var id && Libc.Kill(id, Libc.SigKill) == 0;
    }
}
