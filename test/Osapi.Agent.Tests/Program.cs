using Osapi.Agent.Tests.Command;
using Osapi.Agent.Tests.Files;
using Osapi.Agent.Tests.Jobs;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

// The test executable is also the process that the kill test kills.
if (args is [LedgerWorker.Argument, var directory])
    return await LedgerWorker.RunAsync(directory);

if (args is [AgentWorker.Argument, var home])
    return await AgentWorker.RunAsync(home);

if (args is [CommandWorker.Argument, var place])
    return await CommandWorker.RunAsync(place);

if (args is [SpawnWorker.Argument, var line])
    return await SpawnWorker.RunAsync(line);

if (args is [FileWorker.Argument, var tree])
    return await FileWorker.RunAsync(tree);

// The rest is what xUnit generates.
return args.Any(arg => arg is "--server" or "--internal-msbuild-node")
    ? await TestPlatformTestFramework.RunAsync(args, Osapi.Agent.Tests.SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await ConsoleRunner.Run(args);
