import * as vscode from 'vscode';
import { LANGUAGES } from './config';

/** A place in the words of the server's commands: lines and characters from 0. */
export interface Place {
  uri: string;
  line: number;
  character: number;
}

/** A place with the selection that ends elsewhere. */
export interface Stretch extends Place {
  end_line?: number;
  end_character?: number;
}

/** Returns where the cursor is, in a document that the server looks at. */
export function placeOf(editor = vscode.window.activeTextEditor): Place | undefined {
  if (!editor || !LANGUAGES.includes(editor.document.languageId)) return undefined;
  if (!['file', 'untitled'].includes(editor.document.uri.scheme)) return undefined;
  const { line, character } = editor.selection.start;
  return { uri: editor.document.uri.toString(), line, character };
}

/** Returns where the cursor is, with what is selected. */
export function stretchOf(editor = vscode.window.activeTextEditor): Stretch | undefined {
  const place = placeOf(editor);
  if (!place || !editor || editor.selection.isEmpty) return place;
  const { line, character } = editor.selection.end;
  return { ...place, end_line: line, end_character: character };
}
